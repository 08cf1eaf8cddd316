/** A row of figures, each with a name and perhaps a word about it. */
interface FiguresProps {
  figures: readonly (readonly [title: string, value: string, more?: string])[];
  isSmall?: boolean;
}

export function Figures({ figures, isSmall = false }: FiguresProps) {
  return (
    <dl class={isSmall ? 'figures figures-small' : 'figures'}>
      {figures.map(([title, value, more]) => (
        <div key={title} class="figure">
          <dt>{title}</dt>
          <dd>
            <b>{value}</b>
            {more !== undefined && <span class="soft">{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
