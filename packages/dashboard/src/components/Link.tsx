/** A link within the page: the address changes, the page stays. */
import type { ComponentChildren } from 'preact';
import { go } from '../route/route.ts';

interface LinkProps {
  href: string;
  class?: string;
  title?: string;
  'aria-current'?: 'page';
  children: ComponentChildren;
}

export function Link(props: LinkProps) {
  const follow = (event: MouseEvent) => {
    // Another tab, a download, a new window: the browser knows.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    go(props.href);
  };
  return <a {...props} onClick={follow} />;
}
