// What the scripts use of plotly.js, which the page has as a global.

/** An element that plotly has drawn into. */
interface PlotElement extends HTMLElement {
  data: object[];
  layout: object;
}

declare const Plotly: {
  react(plot: HTMLElement, traces: object[], layout: object, config: object): void;
  downloadImage(picture: object, options: { format: string; filename: string; width: number; height: number }): void;
};
