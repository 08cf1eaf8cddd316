/** Where the page begins. */
import { render } from 'preact';
import { App } from './App.tsx';
import { beginSession } from './live/session.ts';
import { followTheme } from './live/theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/charts.css';

followTheme();
render(<App />, document.getElementById('app')!);
void beginSession();
