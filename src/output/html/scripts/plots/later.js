// Plots are drawn one after another, so that the page answers in between.

/** @type {(() => void)[]} */
const waiting = [];

/** @param {() => void} task */
export function later(task) {
  if (waiting.push(task) > 1) return;
  document.documentElement.dataset.drawing = "";
  setTimeout(next, 0);
}

function next() {
  try {
    waiting[0]();
  } finally { // one that fails stops no other
    waiting.shift();
    if (waiting.length) setTimeout(next, 0);
    else delete document.documentElement.dataset.drawing;
  }
}
