// The diagnosis of each config in words, and the mean effect of each setting with its interval.

function effectsFigure() {
  return [];
}
