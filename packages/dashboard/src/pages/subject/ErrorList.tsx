/** The newest errors: class and code, and messages where their author opted in. */
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Table, type TableColumn } from '../../components/Table.tsx';
import { formatFullTime, formatTime } from '../../format/numbers.ts';
import type { SubjectData } from './useSubjectData.ts';

export function ErrorList({ errors }: { errors: SubjectData['errors'] }) {
  const columns: TableColumn<SubjectData['errors'][number] & { i: number }>[] = [
    {
      title: 'When',
      cell: ({ at }) => (
        <time class="nowrap" dateTime={at} title={formatFullTime(at)}>
          {formatTime(at)}
        </time>
      ),
    },
    { title: 'Tool', cell: ({ tool }) => <Name text={tool} /> },
    { title: 'Error', cell: ({ errorClass }) => <code>{errorClass}</code> },
    { title: 'Code', cell: ({ code }) => (code === '' ? '' : <code>{code}</code>) },
    { title: 'Message', cell: ({ message }) => <bdi>{message ?? ''}</bdi> },
  ];
  const hasMessages = errors.some(({ message }) => message !== null);
  return (
    <Panel title="Recent errors" aside={<span class="soft">newest, whenever they were</span>}>
      <Table
        caption="Recent errors"
        columns={hasMessages ? columns : columns.slice(0, -1)}
        rows={errors.slice(0, 10).map((error, i) => ({ ...error, i }))}
        keyOf={({ i }) => String(i)}
        none="No error is known."
      />
    </Panel>
  );
}
