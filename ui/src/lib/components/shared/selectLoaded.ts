import type { GridApi, IHeaderComp, IHeaderParams, IRowNode } from "ag-grid-community";

import { m } from "$lib/paraglide/messages";

/** Whether none, some or all of the rows that are there are selected. A row without data is still on its way. */
export function selectedOf(nodes: Pick<IRowNode, "data" | "isSelected">[]): "none" | "some" | "all" {
  const loaded = nodes.filter((node) => node.data !== undefined);
  const count = loaded.filter((node) => node.isSelected()).length;
  if (count === 0) return "none";
  return count === loaded.length ? "all" : "some";
}

/** The box above the boxes: all rows that were read so far. An endless list knows no others. */
export class SelectLoaded implements IHeaderComp {
  #box = document.createElement("input");
  #api!: GridApi;
  #cell!: HTMLElement;

  init({ api, eGridHeader }: IHeaderParams): void {
    this.#api = api;
    this.#cell = eGridHeader;
    this.#box.type = "checkbox";
    this.#box.tabIndex = -1;
    this.#box.className = "size-4 accent-accent";
    this.#box.ariaLabel = m.select_loaded();
    this.#box.title = m.select_loaded();
    this.#box.dataset.testid = "select-loaded";
    this.#box.addEventListener("change", this.#choose);
    this.#cell.addEventListener("keydown", this.#press);
    api.addEventListener("selectionChanged", this.#show);
    api.addEventListener("modelUpdated", this.#show);
    this.#show();
  }

  getGui(): HTMLElement {
    return this.#box;
  }

  refresh(): boolean {
    return true;
  }

  destroy(): void {
    this.#cell.removeEventListener("keydown", this.#press);
    if (this.#api.isDestroyed()) return;
    this.#api.removeEventListener("selectionChanged", this.#show);
    this.#api.removeEventListener("modelUpdated", this.#show);
  }

  #nodes(): IRowNode[] {
    const nodes: IRowNode[] = [];
    this.#api.forEachNode((node) => nodes.push(node));
    return nodes;
  }

  #show = (): void => {
    const selected = selectedOf(this.#nodes());
    this.#box.checked = selected === "all";
    this.#box.indeterminate = selected === "some";
  };

  #choose = (): void => {
    const nodes = this.#nodes().filter((node) => node.data !== undefined);
    this.#api.setNodesSelected({ nodes, newValue: this.#box.checked });
  };

  /** The grid gives the focus to the heading, not to what is in it. */
  #press = (event: KeyboardEvent): void => {
    if (event.key !== " " || event.target === this.#box) return;
    event.preventDefault();
    this.#box.checked = !this.#box.checked;
    this.#choose();
  };
}
