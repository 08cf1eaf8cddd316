/** A dialog of the browser's own: it keeps the focus, closes with Escape and gives the focus back. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface DialogProps {
  title: string;
  onClose(): void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current!.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current!.close();
      }}
    >
      <div class="dialog-body">
        <header class="panel-head">
          <h2>{title}</h2>
          <button type="button" class="button" onClick={() => element.current!.close()}>
            Close
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
