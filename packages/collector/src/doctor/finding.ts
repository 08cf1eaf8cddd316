/** What a check found. Its texts may hold names and paths of others, and are escaped by whoever prints them. */
export interface Finding {
  /** What was looked at, in a word or two. */
  check: string;
  level: 'ok' | 'warning' | 'problem';
  found: string;
  /** What to do about it; absent where all is well. */
  advice?: string;
}

export function ok(check: string, found: string): Finding {
  return { check, level: 'ok', found };
}

export function warning(check: string, found: string, advice: string): Finding {
  return { check, level: 'warning', found, advice };
}

export function problem(check: string, found: string, advice: string): Finding {
  return { check, level: 'problem', found, advice };
}
