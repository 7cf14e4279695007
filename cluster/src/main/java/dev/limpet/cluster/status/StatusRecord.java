package dev.limpet.cluster.status;

import dev.limpet.cluster.http.NodeState;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.util.Arrays;
import java.util.Optional;

/**
 * Holds a node's periodic report on itself. Immutable. Written as JSON, so that a newer node may
 * say more.
 *
 * @param connections clients connected there
 * @param sessions durable sessions it is home of
 */
public record StatusRecord(NodeState state, int connections, int sessions) {

  /** The record of a member not heard from yet. */
  static final StatusRecord SILENT = new StatusRecord(NodeState.STARTING, 0, 0);

  /** Without Jackson's databind, which would be loaded for this on an event loop. */
  private static final JacksonCodec CODEC = new JacksonCodec();

  String encode() {
    JsonObject json =
        new JsonObject()
            .put("state", state.word())
            .put("connections", connections)
            .put("sessions", sessions);
    return CODEC.toString(json, false);
  }

  /** Empty when it is written in a way this version does not know. */
  static Optional<StatusRecord> decode(String text) {
    try {
      if (!(CODEC.fromString(text, Object.class) instanceof JsonObject json)) {
        return Optional.empty();
      }
      return Arrays.stream(NodeState.values())
          .filter(state -> state.word().equals(json.getString("state")))
          .findFirst()
          .map(
              state ->
                  new StatusRecord(
                      state, json.getInteger("connections", 0), json.getInteger("sessions", 0)));
    } catch (DecodeException | ClassCastException e) {
      return Optional.empty();
    }
  }
}
