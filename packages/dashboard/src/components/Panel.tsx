/** A part of a page with a heading. */
import type { ComponentChildren } from 'preact';

interface PanelProps {
  title: string;
  /** Beside the heading. */
  aside?: ComponentChildren;
  /** Whether what is shown is being asked for again; it stays where it is. */
  isStale?: boolean;
  class?: string;
  children: ComponentChildren;
}

export function Panel({ title, aside, isStale = false, class: name = '', children }: PanelProps) {
  const id = `panel-${title.toLowerCase().replace(/\W+/g, '-')}`;
  return (
    <section class={`panel ${name}`} aria-labelledby={id} aria-busy={isStale}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
