/**
 * Waiting in a queue that several servers share (M/M/c): A. K. Erlang, "Solution of some problems in the theory of
 * probabilities of significance in automatic telephone exchanges", 1917; as in L. Kleinrock, "Queueing Systems" vol. 1, 1975,
 * section 3.5. Arrivals are taken to be independent, durations exponential, and the next free server takes the next call:
 * behind a balancer that does not know who is free calls wait longer.
 */

/**
 * The share of arrivals that find all servers busy, 0 to 1; 1 where there is more load than servers.
 * @param load work that arrives, in servers kept busy (erlang)
 */
export function waitingShare(servers: number, load: number): number {
  if (load >= servers) return 1;
  // Erlang's B by its recursion, which neither overflows nor cancels.
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/**
 * What a share `1 - q` of all arrivals waits at least, in the unit of `serviceTime`; infinite where there is more load than
 * servers. Those who wait do so exponentially long, on average `serviceTime / (servers - load)`.
 */
export function waitQuantile(q: number, servers: number, load: number, serviceTime: number): number {
  if (load >= servers) return Number.POSITIVE_INFINITY;
  const waiting = waitingShare(servers, load);
  return waiting <= 1 - q ? 0 : (Math.log(waiting / (1 - q)) * serviceTime) / (servers - load);
}
