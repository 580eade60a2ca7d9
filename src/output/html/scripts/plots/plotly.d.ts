// What the scripts use of plotly.js, which the page has as a global.

/** An element that plotly has drawn into. */
interface PlotElement extends HTMLElement {
  data: object[];
  layout: object;
  on(event: string, listener: (event: any) => void): void;
  removeAllListeners(event: string): void;
}

declare const Plotly: {
  react(plot: HTMLElement, traces: object[], layout: object, config: object): void;
  downloadImage(picture: object, options: {
    format: string; filename: string; width: number; height: number; scale: number;
  }): void;
};
