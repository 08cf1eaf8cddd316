/** Those of the overloaded server's tools that `BENCH_TOOLS=cpu,thrash` names, or all. */
export function chosenTools<Tool extends string>(all: readonly Tool[]): Tool[] {
  const asked = process.env.BENCH_TOOLS?.split(',');
  return all.filter((tool) => asked === undefined || asked.includes(tool));
}
