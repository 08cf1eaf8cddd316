/** Something that a press does: once at a time, and with its failure shown where it was pressed. */
import { useState } from 'preact/hooks';
import { ApiFailure } from '../api/client.ts';
import { noticeFailure } from '../live/session.ts';
import { refresh } from '../live/stream.ts';

export interface Action {
  isRunning: boolean;
  failure: ApiFailure | undefined;
  /** Resolves to whether it worked; all that is shown is asked for again then. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

export function useAction(): Action {
  const [state, setState] = useState<Omit<Action, 'run'>>({ isRunning: false, failure: undefined });
  return {
    ...state,
    async run(work) {
      setState({ isRunning: true, failure: undefined });
      try {
        await work();
        setState({ isRunning: false, failure: undefined });
        void refresh();
        return true;
      } catch (error) {
        const failure = error instanceof ApiFailure ? error : new ApiFailure(0, String(error));
        noticeFailure(failure);
        setState({ isRunning: false, failure });
        return false;
      }
    },
  };
}
