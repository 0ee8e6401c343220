/** Named instants around every port call and journal transaction, at which a test may stop the world. Does nothing unless told to. */
export interface Failpoints {
  hit(name: string): void;
}

export const noFailpoints: Failpoints = { hit: () => {} };
