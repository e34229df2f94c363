// A mail server that keeps what it takes, for tests with a real Central.

import { createServer, type Server, type Socket } from "node:net";

export class MailSink {
  /** Each as it came, headers and body. */
  readonly mails: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on("connection", (socket) => this.converse(socket));
  }

  static async start(): Promise<MailSink> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return new MailSink(server, address.port);
  }

  private converse(socket: Socket): void {
    const say = (line: string) => socket.write(`${line}\r\n`);
    let rest = "";
    let data: string[] | undefined;
    socket.setEncoding("utf8");
    socket.on("error", () => socket.destroy());
    say("220 sink.example ready");
    socket.on("data", (text: string) => {
      const lines = (rest + text).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (data) {
          if (line !== ".") {
            data.push(line.startsWith(".") ? line.slice(1) : line);
            continue;
          }
          this.mails.push(data.join("\n"));
          data = undefined;
          say("250 taken");
        } else if (/^DATA/i.test(line)) {
          data = [];
          say("354 go on");
        } else if (/^QUIT/i.test(line)) {
          say("221 good-bye");
          socket.end();
        } else {
          say("250 fine");
        }
      }
    });
  }

  end(): void {
    this.server.close();
  }
}
