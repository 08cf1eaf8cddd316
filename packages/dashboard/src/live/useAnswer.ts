/** An answer of the API as long as a component shows it: asked for again when its question changes, and with the pulse. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure } from '../api/client.ts';
import { noticeFailure } from './session.ts';
import { pulse } from './stream.ts';

export interface Asked<Data> {
  /** Of the newest question that was answered; what is shown stays until there is something better. */
  data: Data | undefined;
  failure: ApiFailure | undefined;
  isLoading: boolean;
  again(): void;
}

/**
 * @param question what decides whether the answer is another one
 * @param everyMs how often the pulse may ask again; undefined: never
 */
export function useAnswer<Data>(
  question: string,
  ask: (signal: AbortSignal) => Promise<Data>,
  everyMs: number | undefined = undefined,
): Asked<Data> {
  const [state, setState] = useState<Omit<Asked<Data>, 'again'>>({
    data: undefined,
    failure: undefined,
    isLoading: true,
  });
  const asking = useRef(ask);
  asking.current = ask;
  const again = useRef(() => {});

  useEffect(() => {
    let aborter: AbortController | undefined;
    let askedAtMs = 0;
    async function load(): Promise<void> {
      aborter?.abort();
      const current = new AbortController();
      aborter = current;
      askedAtMs = performance.now();
      setState((before) => ({ ...before, isLoading: true }));
      try {
        const data = await asking.current(current.signal);
        if (!current.signal.aborted) setState({ data, failure: undefined, isLoading: false });
      } catch (error) {
        if (current.signal.aborted || !(error instanceof ApiFailure)) return;
        noticeFailure(error);
        setState((before) => ({ ...before, failure: error, isLoading: false }));
      }
    }
    again.current = () => void load();
    void load();
    const unfollow = pulse.follow(() => {
      if (everyMs !== undefined && performance.now() - askedAtMs >= everyMs && !document.hidden) void load();
    });
    return () => {
      unfollow();
      aborter?.abort();
    };
  }, [question, everyMs]);

  return { ...state, again: () => again.current() };
}
