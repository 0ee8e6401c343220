// @ts-check
/** @typedef {import('./score.mjs').Flight} Flight */

/** The inputs of the model in the words of the Open Inference Protocol: the two airports, and what else is known of a flight. */
export const inputs = Object.freeze([
  { name: 'route', datatype: 'BYTES', shape: [-1, 2] },
  { name: 'flight', datatype: 'FP64', shape: [-1, 7] },
]);
export const outputs = Object.freeze([
  { name: 'answer', datatype: 'BYTES', shape: [-1, 1] },
  { name: 'probability', datatype: 'FP64', shape: [-1, 1] },
]);

const mostFlights = 1_000;

/**
 * The body of an inference request for some flights.
 * @param {readonly Flight[]} flights
 */
export function requestOf(flights) {
  return {
    inputs: [
      {
        name: 'route',
        datatype: 'BYTES',
        shape: [flights.length, 2],
        data: flights.flatMap(({ origin, destination }) => [origin, destination]),
      },
      {
        name: 'flight',
        datatype: 'FP64',
        shape: [flights.length, 7],
        data: flights.flatMap(({ hour, weekday, distance, volume, lateShare, usualNow, usualBefore }) => [
          hour,
          weekday,
          distance,
          volume,
          lateShare,
          usualNow,
          usualBefore,
        ]),
      },
    ],
  };
}

/**
 * The flights of an inference request, or what is wrong with it.
 * @param {any} body
 * @returns {{readonly flights: readonly Flight[]} | {readonly error: string}}
 */
export function flightsOf(body) {
  if (body === null || typeof body !== 'object' || !Array.isArray(body.inputs)) return { error: 'the body has no list "inputs"' };
  const route = body.inputs.find((/** @type {any} */ input) => input?.name === 'route');
  const flight = body.inputs.find((/** @type {any} */ input) => input?.name === 'flight');
  const count = route?.shape?.[0];
  if (!Number.isInteger(count) || count < 1 || count > mostFlights)
    return { error: `"route" must have the shape [n,2] with n from 1 to ${mostFlights}` };
  if (!holds(route, 'BYTES', count, 2, (value) => typeof value === 'string'))
    return { error: `"route" must be BYTES of the shape [${count},2]` };
  if (!holds(flight, 'FP64', count, 7, Number.isFinite)) return { error: `"flight" must be FP64 of the shape [${count},7]` };
  /** @type {Flight[]} */
  const flights = Array.from({ length: count }, (_, index) => {
    const [hour, weekday, distance, volume, lateShare, usualNow, usualBefore] = flight.data.slice(index * 7);
    return {
      origin: route.data[index * 2],
      destination: route.data[index * 2 + 1],
      hour,
      weekday,
      distance,
      volume,
      lateShare,
      usualNow,
      usualBefore,
    };
  });
  const strange = flights.find(
    (one) => !within(one.hour, 23) || !within(one.weekday, 6) || one.usualNow < 0 || one.usualBefore < 0,
  );
  return strange ? { error: 'hour must be 0 to 23, weekday 0 to 6, and counts not negative' } : { flights };
}

/**
 * @param {any} input
 * @param {string} datatype
 * @param {number} rows
 * @param {number} columns
 * @param {(value: unknown) => boolean} fits
 */
function holds(input, datatype, rows, columns, fits) {
  const { shape, data } = input ?? {};
  if (input?.datatype !== datatype || shape?.length !== 2 || shape[0] !== rows || shape[1] !== columns) return false;
  return Array.isArray(data) && data.length === rows * columns && data.every(fits);
}

/** @param {number} value @param {number} most */
function within(value, most) {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
