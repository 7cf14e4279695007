package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.broker.spi.store.NodeFullException;
import io.vertx.core.buffer.Buffer;

/**
 * Encodes failures of a peer's handlers for the way back: the two meaningful ones by type, all
 * others as one. Stateless.
 */
final class Failures {

  private static final int OTHER = 0;
  private static final int NOT_HOME = 1;
  private static final int FENCED = 2;
  private static final int FULL = 3;

  private Failures() {}

  static Buffer encode(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    if (cause instanceof NotHomeException notHome) {
      out.u8(NOT_HOME).string(notHome.clientId().value());
    } else if (cause instanceof FencedException fenced) {
      out.u8(FENCED).string(fenced.clientId().value()).varint(fenced.epoch());
    } else if (cause instanceof NodeFullException full) {
      out.u8(FULL).string(String.valueOf(full.getMessage()));
    } else {
      out.u8(OTHER).string(String.valueOf(cause));
    }
    return out.buffer();
  }

  static RuntimeException decode(NodeId peer, BinaryReader in) {
    return switch (in.u8()) {
      case NOT_HOME -> new NotHomeException(ClientId.of(in.string()));
      case FENCED -> new FencedException(ClientId.of(in.string()), in.varint());
      case FULL -> new NodeFullException(in.string());
      default -> unavailable("node " + peer + " failed: " + in.string());
    };
  }

  static ClusterUnavailableException unavailable(String message) {
    return new ClusterUnavailableException(message, null);
  }
}
