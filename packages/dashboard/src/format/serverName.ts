/** The collector knows a server by its workspace and its name, `team-a::files`; in the default workspace by its name alone. */
export function splitServer(server: string): { workspace: string | undefined; name: string } {
  const [, workspace, name] = /^([a-z0-9][a-z0-9-]{0,38})::(.*)$/su.exec(server) ?? [];
  return workspace === undefined ? { workspace: undefined, name: server } : { workspace, name: name! };
}
