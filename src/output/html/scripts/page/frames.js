// What is shown at most once a frame.

/**
 * A function that shows something in the next frame, however often it is called before.
 *
 * @param {() => void} show
 */
export function oncePerFrame(show) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      show();
    });
  };
}
