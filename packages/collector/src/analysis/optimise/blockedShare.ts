/**
 * Calls that come by chance find a queue full now and then: the loss of M/M/1/K, Kleinrock 1975, Queueing Systems 1, p. 103.
 *
 * @param load offered by capacity. @param room calls that may be there, waiting or not
 */
export function blockedShare(load: number, room: number): number {
  if (Math.abs(load - 1) < 1e-6) return 1 / (room + 1);
  // Above 1 by the inverse, whose powers do not overflow.
  if (load > 1) return (1 - 1 / load) / (1 - load ** -(room + 1));
  return ((1 - load) * load ** room) / (1 - load ** (room + 1));
}
