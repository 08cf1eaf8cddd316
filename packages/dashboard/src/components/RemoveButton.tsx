/** Takes something away, once who pressed it has said so again. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from './Dialog.tsx';
import { Failure } from './Failure.tsx';
import { useAction } from './useAction.ts';

interface RemoveButtonProps {
  /** What it is, e.g. `the rule slow`. */
  what: string;
  /** What comes of it. */
  children: ComponentChildren;
  remove(): Promise<unknown>;
}

export function RemoveButton({ what, children, remove }: RemoveButtonProps) {
  const action = useAction();
  const [isAsking, setAsking] = useState(false);
  const confirm = async () => {
    if (await action.run(remove)) setAsking(false);
  };
  return (
    <>
      <button type="button" class="button" aria-label={`Remove ${what}`} onClick={() => setAsking(true)}>
        Remove
      </button>
      {isAsking && (
        <Dialog title={`Remove ${what}?`} onClose={() => setAsking(false)}>
          <p>{children}</p>
          <div class="actions">
            <button type="button" class="button button-main" disabled={action.isRunning} onClick={confirm}>
              Remove it
            </button>
          </div>
          <Failure failure={action.failure} />
        </Dialog>
      )}
    </>
  );
}
