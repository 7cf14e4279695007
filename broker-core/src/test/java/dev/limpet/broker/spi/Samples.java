package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Values for tests of ports, and how to wait for what a port answers. */
public final class Samples {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int ANSWER_SECONDS_MAX = 60;

  private Samples() {}

  /** A client id no other test uses. */
  public static ClientId newClientId() {
    return ClientId.of("client-" + NUMBERS.incrementAndGet());
  }

  /** A publication with an id of its own, QoS 2, without expiry. */
  public static Publication publication(String topic, String payload) {
    return publication(topic, payload, Publication.NEVER);
  }

  public static Publication publication(String topic, String payload, long expiresAtMillis) {
    return new Publication(
        new PublicationId(7, NUMBERS.incrementAndGet()),
        ClientId.of("publisher"),
        TopicName.of(topic),
        Buffer.buffer(payload),
        Qos.EXACTLY_ONCE,
        false,
        expiresAtMillis,
        PublicationProperties.NONE);
  }

  public static Delivery delivery(Publication publication) {
    return new Delivery(publication, Qos.AT_LEAST_ONCE, false, List.of());
  }

  public static Subscription subscription(String filter, Qos qos) {
    return Subscription.plain(SharedFilter.parse(filter), qos);
  }

  public static Will will(String payload) {
    return new Will(
        TopicName.of("will/topic"),
        Buffer.buffer(payload),
        Qos.AT_LEAST_ONCE,
        false,
        0,
        Will.NO_EXPIRY,
        PublicationProperties.NONE);
  }

  /** Waits for an answer, or fails with what the port failed with. */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + ANSWER_SECONDS_MAX + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
