/** How a dependency answers. */

export type DependencyBehaviour =
  /** As fast however much it is asked. */
  | { kind: 'steady'; ms: number }
  /** Slow from some time after the first question on, however much it is asked. */
  | { kind: 'slows_down'; ms: number; slowMs: number; afterMs: number }
  /** Slower the more questions are under way: beyond `comfortable` of them it answers fewer a second. */
  | { kind: 'thrashing'; ms: number; comfortable: number };

/**
 * @param underWay questions, this one included
 * @param sinceFirstMs since the first question
 * @returns milliseconds that the answer takes
 */
export function answerMs(behaviour: DependencyBehaviour, underWay: number, sinceFirstMs: number): number {
  switch (behaviour.kind) {
    case 'steady':
      return behaviour.ms;
    case 'slows_down':
      return sinceFirstMs < behaviour.afterMs ? behaviour.ms : behaviour.slowMs;
    case 'thrashing':
      return behaviour.ms * (1 + (underWay / behaviour.comfortable) ** 2);
  }
}
