// Mail with a real Central and a mail server: a test, an application, and what staff see of both.

import { randomUUID } from "node:crypto";

import { ADMIN, expect, expectAccessible, signIn, test } from "../support/app";
import { MailSink } from "../support/mailSink";
import { Central } from "../support/programs";

test("a test mail and the mail of an application go out, and staff see it", async ({ page, desk }) => {
  const sink = await MailSink.start();
  const central = await Central.create(1);
  try {
    await central.stop();
    central.environment = {
      COUNTERFOIL_SMTP_HOST: "127.0.0.1",
      COUNTERFOIL_SMTP_PORT: String(sink.port),
      COUNTERFOIL_SMTP_ENCRYPTION: "none",
      COUNTERFOIL_MAIL_FROM: "desk@lumen.example",
      COUNTERFOIL_MAIL_FROM_NAME: "Lumen Networks",
    };
    await central.start();
    await signIn(page, desk, central, ADMIN);
    await page.getByTestId("nav-mail").click();
    await page.getByTestId("tab-server").click();
    await expect(page.getByTestId("mail-server")).toContainText(`127.0.0.1:${sink.port}`);
    await page.getByTestId("mail-test-to").fill("nina@example.org");
    await page.getByTestId("mail-test-send").click();
    await expect(page.getByTestId("mail-tested")).toContainText("Look into the mailbox of nina@example.org");
    // Beside it are reminders of the sample data's orders that wait.
    expect(sink.mails.filter((mail) => mail.includes("To: nina@example.org"))).toHaveLength(1);

    const applied = await fetch(`${central.url}/api/v1/reseller/signup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        application_id: randomUUID(),
        name: "Ada Lindqvist",
        email: "ada@quay.example",
        phone: "+46 8 5550 100",
        password: "a password of my own",
        business_name: "Quay Media",
        address: "1 Quay Street",
        kind: "company",
        expected_customers: 10,
        terms_accepted: true,
      }),
    });
    expect(applied.status).toBe(200);
    await expect.poll(() => sink.mails.some((mail) => mail.includes("To: ada@quay.example"))).toBe(true);
    expect(sink.mails.join("\n")).not.toContain("a password of my own");

    await page.getByTestId("tab-mails").click();
    const mail = page.getByTestId("notice").filter({ hasText: "to ada@quay.example" });
    await expect(async () => {
      await page.locator('[data-testid="notice-state"][data-state="sent"]').click();
      await expect(mail).toHaveAttribute("data-state", "sent", { timeout: 1_000 });
    }).toPass();
    await expectAccessible(page);
  } finally {
    await central.destroy();
    sink.end();
  }
});
