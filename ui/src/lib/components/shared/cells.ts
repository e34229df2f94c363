import type { ICellRendererParams } from "ag-grid-community";
import { type Component, mount, unmount } from "svelte";

/** Draws a Svelte component in a grid cell. The props are read from the row. */
export function componentCell<Row, Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: (row: Row) => Props,
) {
  return class {
    #box = document.createElement("span");
    #mounted: Record<string, unknown> | undefined;

    init(params: ICellRendererParams<Row>): void {
      this.#draw(params);
    }

    refresh(params: ICellRendererParams<Row>): boolean {
      this.destroy();
      this.#draw(params);
      return true;
    }

    getGui(): HTMLElement {
      return this.#box;
    }

    destroy(): void {
      if (this.#mounted) void unmount(this.#mounted);
      this.#mounted = undefined;
    }

    #draw({ data }: ICellRendererParams<Row>): void {
      this.#box.replaceChildren();
      if (data) this.#mounted = mount(component, { target: this.#box, props: props(data) });
    }
  };
}
