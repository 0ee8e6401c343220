import { zstdDecompressSync } from 'node:zlib';
import { asyncBufferFromFile, parquetRead } from 'hyparquet';

/** The source table by columns, sorted by departure. Times are minutes since the start of 2001, local to the origin. */
export interface Flights {
  readonly count: number;
  readonly read: number;
  readonly airports: readonly string[];
  readonly departed: Int32Array;
  readonly late: Uint8Array;
  readonly distance: Uint16Array;
  /** Indices into `airports`. */
  readonly origin: Uint16Array;
  readonly destination: Uint16Array;
}

export const firstDay = Date.UTC(2001, 0, 1);
/** A flight is late when it arrives more than this many minutes after its time. */
const lateAfter = 15;

/** Reads the Parquet file. Delays outside -60 to 600 minutes are taken for mistakes of recording and left out. */
export async function readFlights(file: string): Promise<Flights> {
  const columns = new Map<string, unknown[]>();
  await parquetRead({
    file: await asyncBufferFromFile(file),
    compressors: { ZSTD: (input) => zstdDecompressSync(input) },
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = columns.get(columnName) ?? [];
      columns.set(columnName, column);
      for (let index = 0; index < columnData.length; index++) column[rowStart + index] = columnData[index];
    },
  });
  const column = <T>(name: string): readonly T[] => (columns.get(name) ?? []) as T[];
  const delays = column<bigint>('delay').map(Number);
  const kept = delays.flatMap((delay, row) => (delay >= -60 && delay <= 600 ? [row] : []));
  const origins = column<string>('origin');
  const destinations = column<string>('destination');
  const airports = [...new Set([...origins, ...destinations])].sort();
  const numbers = new Map(airports.map((airport, index) => [airport, index]));
  const dates = column<Date>('date');
  const distances = column<bigint>('distance');
  return {
    count: kept.length,
    read: delays.length,
    airports,
    departed: Int32Array.from(kept, (row) => Math.round((Number(dates[row]) - firstDay) / 60_000)),
    late: Uint8Array.from(kept, (row) => ((delays[row] ?? 0) > lateAfter ? 1 : 0)),
    distance: Uint16Array.from(kept, (row) => Number(distances[row])),
    origin: Uint16Array.from(kept, (row) => numbers.get(origins[row] ?? '') ?? 0),
    destination: Uint16Array.from(kept, (row) => numbers.get(destinations[row] ?? '') ?? 0),
  };
}
