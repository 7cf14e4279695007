package dev.limpet.broker.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PublicationFormatTest {
  private static final PublicationProperties FULL =
      new PublicationProperties(
          PayloadFormat.UTF_8,
          "text/plain",
          "answers/ä",
          Buffer.buffer(new byte[] {0, 1, -1}),
          List.of(
              new UserProperty("a", "1"),
              new UserProperty("a", "\uFFFD"),
              new UserProperty("", "")));
  private static final Publication PLAIN =
      new Publication(
          new PublicationId(-7, 1),
          ClientId.of("c"),
          TopicName.of("a/b"),
          Buffer.buffer("payload"),
          Qos.AT_LEAST_ONCE,
          false,
          Publication.NEVER,
          PublicationProperties.NONE);
  private static final Publication RICH =
      new Publication(
          new PublicationId(Long.MIN_VALUE, Long.MAX_VALUE),
          ClientId.of("client-\uD83D\uDE00"),
          TopicName.of("x/ü"),
          Buffer.buffer(),
          Qos.EXACTLY_ONCE,
          true,
          1_700_000_000_000L,
          FULL);

  record Sample(Object value, Buffer bytes, Function<BinaryReader, Object> read) {
    static <T> Sample of(
        T value, BiConsumer<T, Buffer> write, Function<BinaryReader, Object> read) {
      Buffer bytes = Buffer.buffer();
      write.accept(value, bytes);
      return new Sample(value, bytes, read);
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  static Stream<Sample> samples() {
    SharedFilter shared = SharedFilter.parse("$share/g/a/#");
    return Stream.of(
        Sample.of(PLAIN, PublicationFormat::write, PublicationFormat::readPublication),
        Sample.of(RICH, PublicationFormat::write, PublicationFormat::readPublication),
        Sample.of(
            new Delivery(RICH, Qos.AT_MOST_ONCE, true, List.of(1, 268_435_455)),
            PublicationFormat::write,
            PublicationFormat::readDelivery),
        Sample.of(
            new Delivery(PLAIN, Qos.AT_LEAST_ONCE, false, List.of()),
            PublicationFormat::write,
            PublicationFormat::readDelivery),
        Sample.of(
            Delivery.replayed(
                RICH,
                new Subscription(
                    shared, Qos.AT_LEAST_ONCE, false, false, RetainHandling.SEND, 268_435_455)),
            PublicationFormat::write,
            PublicationFormat::readDelivery),
        Sample.of(
            new Subscription(
                shared, Qos.EXACTLY_ONCE, true, true, RetainHandling.DO_NOT_SEND, 268_435_455),
            PublicationFormat::write,
            PublicationFormat::readSubscription),
        Sample.of(
            Subscription.plain(SharedFilter.parse("+/x"), Qos.AT_MOST_ONCE),
            PublicationFormat::write,
            PublicationFormat::readSubscription),
        Sample.of(
            new Will(
                TopicName.of("w"),
                Buffer.buffer("gone"),
                Qos.AT_LEAST_ONCE,
                true,
                0xFFFF_FFFFL,
                0xFFFF_FFFFL,
                FULL),
            PublicationFormat::write,
            PublicationFormat::readWill),
        Sample.of(
            new Will(
                TopicName.of("w"),
                Buffer.buffer(),
                Qos.AT_MOST_ONCE,
                false,
                0,
                Will.NO_EXPIRY,
                PublicationProperties.NONE),
            PublicationFormat::write,
            PublicationFormat::readWill));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void what_was_written_is_read_back(Sample sample) {
    BinaryReader in = new BinaryReader(sample.bytes());
    assertThat(sample.read().apply(in)).isEqualTo(sample.value());
    in.requireEnd();
  }

  @Test
  void when_a_publication_expires_stands_in_its_first_bytes() {
    for (Publication publication : List.of(PLAIN, RICH)) {
      Buffer bytes = Buffer.buffer();
      PublicationFormat.write(publication, bytes);
      assertThat(PublicationFormat.expiryOf(bytes.getBytes(0, 48)))
          .isEqualTo(publication.expiresAtMillis());
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bytes_that_end_too_early_are_refused_wherever_they_end(Sample sample) {
    for (int end = 0; end < sample.bytes().length(); end++) {
      BinaryReader in = new BinaryReader(sample.bytes(), 0, end);
      assertThatIllegalArgumentException().isThrownBy(() -> sample.read().apply(in));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void any_damaged_byte_gives_a_value_or_an_illegal_argument(Sample sample) {
    for (int i = 0; i < sample.bytes().length(); i++) {
      for (int value = 0; value < 256; value++) {
        Buffer damaged = sample.bytes().copy().setByte(i, (byte) value);
        try {
          assertThat(sample.read().apply(new BinaryReader(damaged))).isNotNull();
        } catch (IllegalArgumentException expected) {
          assertThat(expected).hasMessageNotContaining("null");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void another_layout_version_is_refused(Sample sample) {
    Buffer later = sample.bytes().copy().setByte(0, (byte) 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sample.read().apply(new BinaryReader(later)))
        .withMessageContaining("version 3");
  }

  /** Issue 7, item 5: a value an earlier layout did not know is written, and none is lost. */
  @ParameterizedTest
  @EnumSource(PayloadFormat.class)
  void what_the_publisher_said_of_its_payload_is_kept(PayloadFormat format) {
    PublicationProperties said = new PublicationProperties(format, null, null, null, List.of());
    Buffer bytes = Buffer.buffer();
    PublicationFormat.write(
        new Will(TopicName.of("w"), Buffer.buffer(), Qos.AT_MOST_ONCE, false, 0, 0, said), bytes);
    Will read = PublicationFormat.readWill(new BinaryReader(bytes));
    assertThat(read.properties().payloadFormat()).isEqualTo(format);
  }

  @Test
  void a_publication_in_the_layout_before_is_still_read() {
    Buffer bytes =
        Buffer.buffer(
            HexFormat.of()
                .parseHex(
                    "0111" + "0000000000000001" + "02" + "0163" + "0174" + "0100000000" + "0161"));
    Publication read = PublicationFormat.readPublication(new BinaryReader(bytes));
    assertThat(read.properties().payloadFormat()).isEqualTo(PayloadFormat.UTF_8);
    assertThat(read.payload()).isEqualTo(Buffer.buffer("a"));
  }

  @Test
  void the_payload_is_independent_of_the_buffer_it_was_read_from() {
    Buffer bytes = Buffer.buffer();
    PublicationFormat.write(PLAIN, bytes);
    Publication read = PublicationFormat.readPublication(new BinaryReader(bytes));
    bytes.setByte(bytes.length() - 1, (byte) 'X');
    assertThat(read.payload()).isEqualTo(Buffer.buffer("payload"));
  }
}
