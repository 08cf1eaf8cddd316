/** A text as it stands in a file of Grafana's provisioning, which would put environment variables in the place of `$NAME`. */
export function provisioned(text: string): string {
  return text.replaceAll('$', () => '$$');
}
