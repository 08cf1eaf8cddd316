/** As large as what comes. */
export function OverviewSkeleton() {
  return (
    <div class="overview" aria-busy="true">
      <h1 class="hidden-visually">Overview</h1>
      <div class="verdict skeleton" />
      <div class="figures">
        {Array.from({ length: 6 }, (_, i) => (
          <div key={i} class="figure skeleton" />
        ))}
      </div>
      <div class="overview-columns">
        <div class="overview-main skeleton skeleton-tall" />
        <div class="overview-side skeleton skeleton-tall" />
      </div>
    </div>
  );
}
