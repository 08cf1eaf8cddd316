/** Which page is shown. */
import { useEffect } from 'preact/hooks';
import { Boundary } from './components/Boundary.tsx';
import { Shell } from './components/Shell.tsx';
import { useObservable } from './live/observable.ts';
import { session } from './live/session.ts';
import { followCollector } from './live/stream.ts';
import { AlertsPage } from './pages/AlertsPage.tsx';
import { AnalysisPage } from './pages/AnalysisPage.tsx';
import { ObjectivesPage } from './pages/ObjectivesPage.tsx';
import { OverviewPage } from './pages/OverviewPage.tsx';
import { ReportsPage } from './pages/ReportsPage.tsx';
import { SettingsPage } from './pages/SettingsPage.tsx';
import { SignInPage } from './pages/SignInPage.tsx';
import { SubjectPage } from './pages/SubjectPage.tsx';
import { ThresholdsPage } from './pages/ThresholdsPage.tsx';
import { type Route, route } from './route/route.ts';

export function App() {
  const now = useObservable(session);
  const isIn = now.state === 'signed_in';
  useEffect(() => (isIn ? followCollector() : undefined), [isIn]);
  if (now.state === 'unknown') return null;
  if (now.state === 'signed_out') return <SignInPage failure={now.failure} />;
  return (
    <Shell>
      <ShownPage />
    </Shell>
  );
}

function ShownPage() {
  const shown = useObservable(route);
  useEffect(() => {
    document.title = titleOf(shown);
  }, [shown]);
  return (
    <Boundary key={shown.page}>
      <Page {...shown} />
    </Boundary>
  );
}

function Page({ page, query }: Route) {
  const name = query.get('name') ?? '';
  switch (page) {
    case 'overview':
      return <OverviewPage />;
    case 'server':
      return name === '' ? <Nothing /> : <SubjectPage key={name} server={name} tool="" query={query} />;
    case 'tool': {
      const server = query.get('server') ?? '';
      if (server === '' || name === '') return <Nothing />;
      return <SubjectPage key={JSON.stringify([server, name])} server={server} tool={name} query={query} />;
    }
    case 'alerts':
      return <AlertsPage query={query} />;
    case 'analysis':
      return <AnalysisPage query={query} />;
    case 'thresholds':
      return <ThresholdsPage />;
    case 'objectives':
      return <ObjectivesPage />;
    case 'reports':
      return <ReportsPage query={query} />;
    case 'settings':
      return <SettingsPage />;
    case undefined:
      return <Nothing />;
  }
}

function Nothing() {
  return <h1>There is nothing at this address</h1>;
}

function titleOf({ page, query }: Route): string {
  const name = query.get('name');
  const what = name !== null && (page === 'server' || page === 'tool') ? name.slice(0, 80) : (page ?? 'nothing');
  return `${what} · mcp-vitals`;
}
