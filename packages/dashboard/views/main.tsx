/** One page for both views: which one is shown follows from the result that the client hands to it. */
import { render } from 'preact';
import { connectHost } from './host.ts';
import './theme.css';
import './views.css';
import { View } from './View.tsx';

const root = document.getElementById('view')!;

connectHost().then(
  (host) => {
    // Timers and observers end with the components that made them.
    host.onTeardown = () => render(null, root);
    render(<View host={host} />, root);
  },
  (error: unknown) => render(<p class="notice">The client did not answer: {String(error)}</p>, root),
);
