// Says at the very end why each test failed, so that whoever reads only the last lines of a log knows.

import type { FullConfig, Reporter, Suite, TestCase, TestResult } from "@playwright/test/reporter";

export default class Reasons implements Reporter {
  private readonly reasons: string[] = [];

  onBegin(_config: FullConfig, _suite: Suite): void {
    this.reasons.length = 0;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus) return;
    const why = result.errors.map((error) => `${error.message ?? error.value ?? ""}\n${error.snippet ?? ""}`);
    this.reasons.push(`${test.location.file}:${test.location.line} ${test.title} (${result.status})\n${why.join("\n")}`);
  }

  onEnd(): void {
    for (const reason of this.reasons) console.log(`\n${reason}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
