package dev.limpet.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.wire.ConnectSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordFileTest {
  private static final ClientOrigin HERE = new ClientOrigin("127.0.0.1:1", null);
  private static final int CHEAP = 4;

  @TempDir private Path folder;
  private final FileWatch watch = new FileWatch();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path file;
  private PasswordFile users;

  @BeforeEach
  void openFile() throws IOException {
    file = Files.writeString(folder.resolve("users"), "# users\n" + line("alice", "secret", CHEAP));
    users = PasswordFile.open(file, watch, registry);
  }

  @AfterEach
  void close() {
    users.close();
    watch.close();
  }

  private static String line(String user, String password, int cost) {
    return user + ":" + BCrypt.withDefaults().hashToString(cost, password.toCharArray()) + "\n";
  }

  private CompletableFuture<Authentication> ask(String user, String password) {
    return users
        .authenticate(ConnectSpec.v5("c").userName(user).password(password).request(), HERE)
        .toCompletableFuture();
  }

  private double hashed() {
    return registry.get("limpet.passwords.hashed").counter().count();
  }

  @Test
  void the_right_password_proves_the_user() {
    assertThat(ask("alice", "secret").join()).isEqualTo(Authentication.user("alice"));
    assertThat(ask("alice", "Secret").join().decision()).isEqualTo(Decision.DENY);
    assertThat(ask("alice", "").join().reason()).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    assertThat(ask("alice", "x".repeat(1_000)).join().decision()).isEqualTo(Decision.DENY);
  }

  @Test
  void a_user_it_does_not_know_is_left_to_others_but_costs_the_same() {
    assertThat(ask("bob", "secret").join().decision()).isEqualTo(Decision.IGNORE);
    assertThat(hashed()).isEqualTo(1);
    AuthenticatorChain chain = new AuthenticatorChain(List.of(users, AuthenticatorChain.UNNAMED));
    assertThat(
            chain
                .authenticate(ConnectSpec.v5("c").userName("bob").password("x").request(), HERE)
                .toCompletableFuture()
                .join())
        .isEqualTo(Authentication.deny(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
    assertThat(chain.authenticate(ConnectSpec.v5("c").request(), HERE).toCompletableFuture().join())
        .isEqualTo(Authentication.ANONYMOUS);
  }

  @Test
  void users_who_go_or_get_another_password_are_told_and_nobody_else() throws IOException {
    String alice = Files.readString(file);
    String bob = line("bob", "one", CHEAP);
    Queue<Set<String>> revoked = new ConcurrentLinkedQueue<>();
    new AuthenticatorChain(List.of(users)).onRevoked(revoked::add);
    Files.writeString(file, alice + bob + line("carol", "x", CHEAP));
    await().until(() -> ask("bob", "one").join().decision() == Decision.ALLOW);
    Files.writeString(file, alice + line("bob", "two", CHEAP));
    await().until(() -> !revoked.isEmpty());
    assertThat(revoked).containsExactly(Set.of("bob", "carol"));
  }

  @Test
  void equal_checks_are_hashed_once() {
    List<CompletableFuture<Authentication>> storm = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      storm.add(ask("alice", "secret"));
    }
    assertThat(storm)
        .allSatisfy(answer -> assertThat(answer.join()).isEqualTo(Authentication.user("alice")));
    assertThat(hashed()).isEqualTo(1);
    assertThat(ask("alice", "wrong").join().decision()).isEqualTo(Decision.DENY);
  }

  @Test
  void a_flood_of_guesses_is_told_to_come_back_later() throws IOException {
    Files.writeString(file, line("slow", "secret", 11));
    await().until(() -> ask("alice", "secret").join().decision() == Decision.IGNORE);
    List<CompletableFuture<Authentication>> flood = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      flood.add(ask("slow", "guess" + i));
    }
    assertThat(flood)
        .filteredOn(CompletableFuture::isDone)
        .extracting(CompletableFuture::join)
        .contains(Authentication.deny(ReasonCode.SERVER_BUSY));
    assertThat(registry.get("limpet.passwords.overflowed").counter().count()).isPositive();
  }

  @Test
  void a_new_password_counts_at_once_though_the_old_one_was_remembered() throws IOException {
    assertThat(ask("alice", "secret").join().decision()).isEqualTo(Decision.ALLOW);
    PasswordEditor.put(file, "alice", "newer", false);
    await().until(() -> ask("alice", "newer").join().decision() == Decision.ALLOW);
    assertThat(ask("alice", "secret").join().decision()).isEqualTo(Decision.DENY);
  }

  @Test
  void a_broken_file_changes_nothing() throws IOException {
    Files.writeString(file, "alice:not a hash\n");
    await()
        .during(java.time.Duration.ofMillis(1_500))
        .until(() -> ask("alice", "secret").join().decision() == Decision.ALLOW);
  }

  @Test
  void a_new_file_is_for_its_owners_eyes_and_keeps_its_other_lines() throws IOException {
    Path fresh = folder.resolve("fresh");
    PasswordEditor.put(fresh, "bob", "one", false);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
        .isEqualTo("rw-------");
    Files.writeString(fresh, Files.readString(fresh) + "# carol is gone\n");
    PasswordEditor.put(fresh, "dave", "two", false);
    PasswordEditor.put(fresh, "bob", "three", false);
    List<String> lines = Files.readAllLines(fresh);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("bob:$2b$10$");
    assertThat(lines.get(1)).isEqualTo("# carol is gone");
    assertThat(lines.get(2)).startsWith("dave:");
    assertThat(Files.list(folder).map(Path::getFileName).map(Path::toString))
        .containsExactlyInAnyOrder("users", "fresh");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "#a", " a", "a\nb"})
  void a_name_that_does_not_fit_a_line_is_refused(String user) {
    assertThatThrownBy(() -> PasswordEditor.put(folder.resolve("x"), user, "secret", false))
        .isInstanceOf(FileProblemException.class);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "alice:", ":$2b$10$", "a:$2b$10$x", "a::SCRAM-SHA-256$1:a$b:c"})
  void a_line_that_is_no_user_is_named(String line) throws IOException {
    Path bad = Files.writeString(folder.resolve("bad"), "\n" + line + "\n");
    assertThatThrownBy(() -> PasswordFile.open(bad, watch, registry))
        .isInstanceOf(FileProblemException.class)
        .hasMessageContaining("bad, line 2 ");
  }
}
