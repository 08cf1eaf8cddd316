import { render } from 'preact';

render(<p>mcp-vitals</p>, document.getElementById('view')!);
