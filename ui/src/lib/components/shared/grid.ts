import {
  CellStyleModule,
  ColumnApiModule,
  ColumnAutoSizeModule,
  EventApiModule,
  InfiniteRowModelModule,
  LocaleModule,
  ModuleRegistry,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  TooltipModule,
} from "ag-grid-community";

let registered = false;

/** Only what an endless list needs. */
export function registerGrid(): void {
  if (registered) return;
  registered = true;
  ModuleRegistry.registerModules([
    CellStyleModule,
    ColumnApiModule,
    ColumnAutoSizeModule,
    EventApiModule,
    InfiniteRowModelModule,
    LocaleModule,
    RowApiModule,
    RowSelectionModule,
    RowStyleModule,
    ScrollApiModule,
    TooltipModule,
  ]);
}

/** Pixels at the usual text size, grown with the text: columns are measured in pixels, their words are not. */
export function withText(pixels: number): number {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.round((pixels * (root > 0 ? root : 16)) / 16);
}

/** Beside the heading of the column that a list is sorted by; `aria-sort` of the heading says it in words. */
export function arrow(text: string): HTMLElement {
  const mark = document.createElement("span");
  mark.className = "sort-arrow";
  mark.ariaHidden = "true";
  mark.textContent = text;
  return mark;
}

/** One block of a list read by key: rows and the key of the next block. */
export interface Block<Row> {
  rows: Row[];
  next?: string;
}

/** How a block is asked for: by key where the block before it was seen, by offset after a jump. */
export interface BlockPlace {
  after?: string;
  offset?: number;
  limit: number;
}

/** Remembers the key at which each block begins. */
export class BlockKeys {
  #keys = new Map<number, string>();

  place(start: number, limit: number): BlockPlace {
    if (start === 0) return { limit };
    const after = this.#keys.get(start);
    return after === undefined ? { offset: start, limit } : { after, limit };
  }

  learn(start: number, block: Block<unknown>): void {
    if (block.next !== undefined) this.#keys.set(start + block.rows.length, block.next);
  }

  /** The number of rows in all, once the last block was seen. */
  static end(start: number, block: Block<unknown>): number | undefined {
    return block.next === undefined ? start + block.rows.length : undefined;
  }
}
