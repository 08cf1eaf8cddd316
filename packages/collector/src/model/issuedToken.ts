/** What is known of a token that is limited to a workspace. The token itself is known to whoever was given it. */
export interface IssuedToken {
  tokenId: string;
  /** For people: who has it, or what for. */
  name: string;
  scope: 'ingest' | 'read' | 'admin';
  workspace: string;
  createdAtMs: number;
}
