package dev.limpet.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 7, item 19: who was asked and what came of it can be read from the metrics. */
class CountedAccessTest {
  private static final ClientOrigin ORIGIN = new ClientOrigin("192.0.2.7:1", null);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double count(String name, String result) {
    return registry.get(name).tags("source", "s", "result", result).counter().count();
  }

  private void ask(Authenticator asked) {
    var unused =
        new CountedAuthenticator(asked, registry, "s", 50)
            .authenticate(ConnectSpec.of(ProtocolVersion.V5, "c").request(), ORIGIN);
  }

  @Test
  void answers_to_connect_are_counted_by_source_and_result() {
    CompletableFuture<Authentication> later = new CompletableFuture<>();
    ask((request, origin) -> CompletableFuture.completedFuture(Authentication.ANONYMOUS));
    ask((request, origin) -> CompletableFuture.completedFuture(Authentication.IGNORE));
    ask(
        (request, origin) ->
            CompletableFuture.completedFuture(Authentication.deny(ReasonCode.BANNED)));
    ask((request, origin) -> CompletableFuture.failedFuture(new IllegalStateException("down")));
    ask((request, origin) -> new CompletableFuture<>());
    ask((request, origin) -> later);
    later.complete(Authentication.user("alice"));
    ask(
        (request, origin) -> {
          throw new IllegalStateException("broken");
        });
    assertThat(count("limpet.authentications", "allow")).isEqualTo(2);
    assertThat(count("limpet.authentications", "deny")).isOne();
    assertThat(count("limpet.authentications", "ignore")).isOne();
    assertThat(count("limpet.authentications", "error")).isEqualTo(2);
    await().until(() -> count("limpet.authentications", "timeout") == 1);
  }

  @ParameterizedTest
  @EnumSource(Decision.class)
  void answers_about_topics_are_counted_whatever_is_asked(Decision decision) {
    Authorizer always =
        new Authorizer() {
          @Override
          public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
            return decision.now();
          }

          @Override
          public CompletableFuture<Decision> maySubscribe(
              ClientIdentity client, SharedFilter filter) {
            return decision.now();
          }
        };
    CountedAuthorizer counted = new CountedAuthorizer(always, registry, "s", 50);
    ClientIdentity client = new ClientIdentity(ClientId.of("c"), null, "192.0.2.7:1");
    assertThat(counted.mayPublish(client, TopicName.of("t")).join()).isEqualTo(decision);
    assertThat(counted.maySubscribe(client, SharedFilter.parse("t")).join()).isEqualTo(decision);
    assertThat(counted.mayReceive(client, TopicName.of("t")).join()).isEqualTo(decision);
    assertThat(count("limpet.authorizations", decision.name().toLowerCase(java.util.Locale.ROOT)))
        .isEqualTo(3);
  }

  @Test
  void of_several_messages_the_last_one_counts() {
    CountedEnhanced counted =
        new CountedEnhanced(
            (method, origin) ->
                method.equals("M")
                    ? data ->
                        CompletableFuture.completedFuture(
                            new AuthenticationExchange.Step(
                                data == null ? null : Authentication.user("alice"), null))
                    : null,
            registry,
            "s",
            50);
    assertThat(counted.begin("other", ORIGIN)).isNull();
    AuthenticationExchange exchange = counted.begin("M", ORIGIN);
    assertThat(exchange).isNotNull();
    exchange.next(null);
    assertThat(count("limpet.authentications", "allow")).isZero();
    exchange.next(Buffer.buffer("proof"));
    assertThat(count("limpet.authentications", "allow")).isOne();
  }

  /** A new question must not get past the one who answers it. */
  @ParameterizedTest
  @ValueSource(
      classes = {CountedAuthenticator.class, CountedAuthorizer.class, CountedEnhanced.class})
  void every_method_is_passed_on(Class<?> counted) {
    for (Class<?> port : counted.getInterfaces()) {
      assertThat(Arrays.stream(port.getMethods()).filter(each -> !isStatic(each)))
          .isNotEmpty()
          .allSatisfy(
              each ->
                  assertThat(counted.getMethod(each.getName(), each.getParameterTypes()))
                      .extracting(Method::getDeclaringClass)
                      .isEqualTo(counted));
    }
  }

  private static boolean isStatic(Method method) {
    return Modifier.isStatic(method.getModifiers());
  }
}
