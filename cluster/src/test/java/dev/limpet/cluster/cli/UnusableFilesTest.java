package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.listener.Certificates;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that an operator names and that cannot be used: wrong usage, said in one sentence. */
@Timeout(60)
class UnusableFilesTest {
  @TempDir private Path dir;
  private final Console console = new Console(Map.of(), ClusteredNode::new);
  private Path cert = Path.of("");
  private Path key = Path.of("");

  @BeforeEach
  void issue() {
    Certificates certificates = new Certificates(dir);
    X509Bundle server = certificates.issue("node.example");
    cert = certificates.certificateFile("node", server);
    key = certificates.keyFile("node", server);
  }

  @Test
  void a_certificate_that_is_missing_is_named() throws IOException {
    Path none = dir.resolve("none.pem");
    expect("there is no file " + none, tls(none, key, ""));
    expect("there is no file " + none, tls(cert, none, ""));
    expect("there is no file " + none, tls(cert, key, "&client-ca=" + none));
    expect(dir + " is a directory, not a file", tls(dir, key, ""));
  }

  @Test
  void a_certificate_that_is_none_is_named() throws IOException {
    Path broken = Files.writeString(dir.resolve("broken.pem"), "no PEM\n");
    expect(broken + " holds no certificate in PEM", tls(broken, key, ""));
    expect(broken + " holds no private key: write it in PEM", tls(cert, broken, ""));
    expect("with clients of " + broken + ": write PEM", tls(cert, key, "&client-ca=" + broken));
  }

  @Test
  void users_and_rules_that_cannot_be_read_are_named() throws IOException {
    Path none = dir.resolve("none");
    expect("there is no file " + none, "--password-file", none.toString());
    expect("there is no file " + none, "--acl-file", none.toString());
    Path users = Files.writeString(dir.resolve("users"), "\nalice\n");
    expect(users + ", line 2 is not NAME:HASH", "--password-file", users.toString());
    Path rules = Files.writeString(dir.resolve("rules"), "topic read a\ntopc read b\n");
    expect(rules + ", line 2", "--acl-file", rules.toString());
  }

  private String[] tls(Path certificate, Path itsKey, String more) {
    String listener = "mqtts://127.0.0.1:0?cert=" + certificate + "&key=" + itsKey + more;
    return new String[] {"--listener", listener};
  }

  private void expect(String sentence, String... words) throws IOException {
    String[] all = new String[words.length + 4];
    all[0] = "node";
    all[1] = "--http=0";
    all[2] = "--cluster=" + freePort();
    all[3] = "--log-level=error";
    System.arraycopy(words, 0, all, 4, words.length);
    assertThat(console.run(all)).as("of %s", (Object) words).isEqualTo(ErrorMessages.USAGE);
    assertThat(console.err()).startsWith("limpet: ").contains(sentence).doesNotContain("\tat ");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
