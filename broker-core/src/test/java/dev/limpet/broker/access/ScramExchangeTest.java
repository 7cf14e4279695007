package dev.limpet.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange.Step;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramExchangeTest {
  private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
  private static final String FINAL =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

  private final ScramExchange exchange = new ScramExchange(user -> keys(), SERVER_NONCE);

  /** Of the password "pencil". */
  private static ScramVerifier keys() {
    byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    byte[] salted = ScramKeys.saltedPassword("pencil", salt, 4_096);
    return new ScramVerifier(
        4_096, salt, ScramKeys.hash(ScramKeys.clientKey(salted)), ScramKeys.serverKey(salted));
  }

  private Step next(String message) {
    return exchange.next(Buffer.buffer(message)).toCompletableFuture().join();
  }

  /** RFC 7677 section 3. */
  @Test
  void the_example_of_the_rfc_is_let_in() {
    Step challenge = next(FIRST);
    assertThat(challenge.result()).isNull();
    assertThat(challenge.data())
        .hasToString(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    Step done = next(FINAL);
    assertThat(done.result()).isEqualTo(Authentication.user("user"));
    assertThat(done.data()).hasToString("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    assertThat(next(FINAL).result()).isEqualTo(Scram.REFUSED);
  }

  @Test
  void a_client_may_wait_to_be_asked_once() {
    assertThat(exchange.next(null).toCompletableFuture().join()).isEqualTo(new Step(null, null));
    assertThat(next(FIRST).result()).isNull();
    assertThat(exchange.next(null).toCompletableFuture().join().result()).isEqualTo(Scram.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p=tls-unique,,n=user,r=x",
        "n,a=other,n=user,r=x",
        "n,,m=ext,n=user,r=x",
        "n,,n=us=er,r=x",
        "n,,n=user",
        "n,,n=user,r=",
        "n,,r=x,n=user",
        "x"
      })
  void a_first_message_that_is_wrong_is_refused(String first) {
    assertThat(next(first).result()).isEqualTo(Scram.REFUSED);
    assertThat(next(FIRST).result()).isEqualTo(Scram.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "biws, x1",
    "eSws, rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    "biws, rOprNGfwEbeRWgbNEkqO"
  })
  void a_final_message_for_another_exchange_is_refused(String binding, String nonce) {
    next(FIRST);
    assertThat(
            next("c=" + binding + ",r=" + nonce + FINAL.substring(FINAL.indexOf(",p="))).result())
        .isEqualTo(Scram.REFUSED);
  }

  @Test
  void a_proof_that_is_wrong_is_refused() {
    next(FIRST);
    assertThat(next(FINAL.replace("p=dH", "p=eH")).result()).isEqualTo(Scram.REFUSED);
    assertThat(next(FINAL).result()).isEqualTo(Scram.REFUSED);
  }

  @Test
  void names_are_escaped() {
    assertThat(ScramText.userName("a=2Cb=3Dc")).isEqualTo("a,b=c");
    assertThat(ScramText.userName("a=2cb")).isNull();
  }
}
