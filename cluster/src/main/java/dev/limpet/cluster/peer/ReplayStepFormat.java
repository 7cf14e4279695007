package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.spi.cluster.ReplayStep.Begin;
import dev.limpet.broker.spi.cluster.ReplayStep.Draw;
import dev.limpet.broker.spi.cluster.ReplayStep.End;
import dev.limpet.broker.spi.cluster.ReplayStep.Page;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes the body of a {@link FrameKind#REPLAY} frame: the step, its replay, and its content.
 * Stateless.
 */
final class ReplayStepFormat {
  private static final int BEGIN = 0;
  private static final int DRAW = 1;
  private static final int PAGE = 2;
  private static final int END = 3;

  private ReplayStepFormat() {}

  static Buffer write(ReplayStep step) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.u8(kind(step)).varint(step.number());
    if (step instanceof Begin begin) {
      out.string(begin.clientId().value());
      PublicationFormat.write(begin.subscription(), out);
    } else if (step instanceof Page page) {
      out.flag(page.last()).varint(page.retained().size());
      page.retained().forEach(each -> PublicationFormat.write(each, out));
    }
    return out.buffer();
  }

  private static int kind(ReplayStep step) {
    if (step instanceof Begin) {
      return BEGIN;
    }
    if (step instanceof Draw) {
      return DRAW;
    }
    return step instanceof Page ? PAGE : END;
  }

  static ReplayStep read(BinaryReader in) {
    int kind = in.u8();
    long number = in.varint();
    return switch (kind) {
      case BEGIN ->
          new Begin(number, ClientId.of(in.string()), PublicationFormat.readSubscription(in));
      case DRAW -> new Draw(number);
      case PAGE -> page(number, in);
      case END -> new End(number);
      default -> throw new IllegalArgumentException("unknown step of a replay: " + kind);
    };
  }

  private static Page page(long number, BinaryReader in) {
    boolean last = in.flag();
    int count = in.count(1);
    List<Publication> retained = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      retained.add(PublicationFormat.readPublication(in));
    }
    return new Page(number, retained, last);
  }
}
