package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletionStage;

/** Handles the frames of one kind, in the order each peer sent them. Must not block. */
@FunctionalInterface
public interface FrameHandler {

  /**
   * @param body may only be read during the call
   * @return the answer; ignored for frames that are no request
   */
  CompletionStage<Buffer> handle(NodeId from, BinaryReader body);
}
