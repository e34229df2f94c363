// The real programs, each with data of its own: Central on embedded SQLite, and the loopback host of the desktop.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const target = process.env.CARGO_TARGET_DIR ?? join(dirname(fileURLToPath(import.meta.url)), "../../../target");
const PATIENCE_MS = 30_000;

function program(name: string): string {
  const path = join(target, "debug", name);
  if (!existsSync(path)) throw new Error(`${name} is not built: run \`cargo build --workspace --bins\``);
  return path;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  await ended;
}

/** Who runs a Central that has nothing else yet. */
export interface NewOperator {
  operatorName: string;
  timeZone: string;
  currency: string;
  username: string;
  password: string;
}

/** Central, with sample data or with nothing. */
export class Central {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  private process: ChildProcess | undefined;
  /** What the next start is told beside the address and the database. */
  environment: Record<string, string> = {};

  private static async prepare(): Promise<Central> {
    return new Central(mkdtempSync(join(tmpdir(), "counterfoil-central-")), await freePort());
  }

  /** With sample data; `portal` is the address of one that the first plans are provisioned on. */
  static async create(accounts = 50, portal?: string): Promise<Central> {
    const central = await Central.prepare();
    execFileSync(program("counterfoil-central"), [
      "sample-data",
      "--accounts",
      String(accounts),
      "--database-url",
      central.database,
      ...(portal === undefined ? [] : ["--portal", portal]),
    ]);
    await central.start();
    return central;
  }

  /** As an operator has it on the first day: one member of the staff and nothing else. */
  static async empty(operator: NewOperator): Promise<Central> {
    const central = await Central.prepare();
    execFileSync(
      program("counterfoil-central"),
      [
        ...["admin", "create", "--database-url", central.database, "--username", operator.username],
        ...["--operator-name", operator.operatorName, "--time-zone", operator.timeZone],
        ...["--currency", operator.currency, "--password-file", "-"],
      ],
      { input: `${operator.password}\n`, stdio: ["pipe", "ignore", "inherit"] },
    );
    await central.start();
    return central;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private get database(): string {
    return `sqlite:${join(this.folder, "central.db")}`;
  }

  async start(): Promise<void> {
    this.process = spawn(
      program("counterfoil-central"),
      ["serve", "--listen", `127.0.0.1:${this.port}`, "--database-url", this.database],
      { stdio: "ignore", env: { ...process.env, ...this.environment } },
    );
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const ready = await fetch(`${this.url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return;
      if (Date.now() > deadline) throw new Error("Central is not ready in time");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    await end(this.process);
    this.process = undefined;
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A portal that answers as recorded ones do, with invented accounts; its API user is "stalker", the password "secret". */
export class StalkerFake {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static async start(accounts: number): Promise<StalkerFake> {
    const port = await freePort();
    const options = ["--listen", `127.0.0.1:${port}`, "--accounts", String(accounts)];
    const child = spawn(program("stalker-fake"), options, { stdio: "ignore" });
    const fake = new StalkerFake(child, `http://127.0.0.1:${port}`);
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answers = await fetch(fake.url).then(
        () => true,
        () => false,
      );
      if (answers) return fake;
      if (Date.now() > deadline) throw new Error("the portal does not answer in time");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What whoever runs the portal asks of its API; gives the results. */
  async ask(path: string, method: string, fields?: Record<string, string>): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.url}/stalker_portal/api/${path}`, {
      method,
      headers: { authorization: `Basic ${btoa("stalker:secret")}` },
      body: fields ? new URLSearchParams(fields) : null,
    });
    const told = (await answer.json()) as {
      status: string;
      results: Record<string, unknown>;
      error?: string;
    };
    if (told.status !== "OK") throw new Error(`${method} ${path}: ${told.error}`);
    return told.results;
  }

  async end(): Promise<void> {
    await end(this.process);
  }
}

/** The desktop's core behind a loopback page, with no keyring: its secrets are in a file under a passphrase. */
export class Devhost {
  private constructor(
    readonly folder: string,
    private readonly process: ChildProcess,
    /** The address with its token. */
    readonly url: string,
  ) {}

  static async start(folder = mkdtempSync(join(tmpdir(), "counterfoil-desk-"))): Promise<Devhost> {
    const environment: NodeJS.ProcessEnv = { ...process.env, RUST_LOG: "warn" };
    // No session bus: the keyring of the machine the test runs on is not the test's to write to.
    environment.DBUS_SESSION_BUS_ADDRESS = "unix:path=/nonexistent";
    delete environment.XDG_RUNTIME_DIR;
    const child = spawn(program("counterfoil-devhost"), ["--data-dir", folder], {
      stdio: ["ignore", "pipe", "inherit"],
      env: environment,
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`devhost ended with ${code}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const found = /http:\/\/\S+/.exec(line);
        if (found) resolve(found[0]);
      });
    });
    return new Devhost(folder, child, url);
  }

  async stop(): Promise<void> {
    await end(this.process);
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
