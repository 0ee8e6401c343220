/** Share of traffic in percent, 0 to 100, by version. Versions that are absent have none. Sums to 100, or to 0 where nothing is routed. */
export type Weights = Readonly<Record<string, number>>;
