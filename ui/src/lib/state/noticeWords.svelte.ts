import type { NoticeTemplateView } from "$lib/api/bindings/NoticeTemplateView";
import type { NoticeWords } from "$lib/api/bindings/NoticeWords";

/** The words of one kind of mail, while somebody writes them. */
export class WordsForm {
  subject = $state("");
  text = $state("");
  #before: NoticeWords;

  constructor(template: NoticeTemplateView) {
    this.#before = { subject: template.subject, text: template.text };
    this.undo();
  }

  get changed(): boolean {
    return this.subject !== this.#before.subject || this.text !== this.#before.text;
  }

  get valid(): boolean {
    return this.subject.trim() !== "" && this.text.trim() !== "";
  }

  get value(): NoticeWords {
    return { subject: this.subject.trim(), text: this.text };
  }

  undo(): void {
    this.subject = this.#before.subject;
    this.text = this.#before.text;
  }
}
