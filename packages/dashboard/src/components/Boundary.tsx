/** What failed to be drawn takes nothing else with it: the other pages can still be reached. */
import { Component, type ComponentChildren } from 'preact';

export class Boundary extends Component<{ children: ComponentChildren }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static override getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <p class="failure" role="alert">
        This page could not be drawn: {error.message}. Loading it again may help.
      </p>
    );
  }
}
