/** A thin bar that fills a share, from 0 to 1, of its width. Decoration beside the number that says it. */
export function ShareBar({ ratio }: { ratio: number }) {
  return (
    <svg className="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect className="share-bar-rail" width="100" height="4" />
      <rect className="share-bar-fill" width={(ratio * 100).toFixed(2)} height="4" />
    </svg>
  );
}
