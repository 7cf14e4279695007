package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.List;

/** Writes a history by hand, one event each ten milliseconds. */
final class Story {

  private static final long TICK_MILLIS = 10;

  private final List<Event> events = new ArrayList<>();
  private long millis;

  Story pass(long more) {
    millis += more;
    return this;
  }

  private Story tell(Event event) {
    millis += TICK_MILLIS;
    events.add(event.at(millis));
    return this;
  }

  Story connect(String client, long connection, String where) {
    return tell(Event.of(Kind.CONNECT, client).on(connection).noting(where));
  }

  Story accepted(String client, long connection, boolean durable, boolean present) {
    return tell(
        Event.of(Kind.CONNECTED, client)
            .on(connection)
            .number(present ? 1 : 0)
            .noting(durable ? "durable" : "clean"));
  }

  Story closed(String client, long connection, String how) {
    return tell(Event.of(Kind.CLOSED, client).on(connection).noting(how));
  }

  /** A durable client, connected and subscribed. */
  Story durable(String client, long connection, String filter, int qos) {
    return connect(client, connection, "a sticky")
        .accepted(client, connection, true, false)
        .tell(Event.of(Kind.SUBSCRIBED, client).on(connection).about(filter, qos));
  }

  Story publish(String topic, int qos, long number) {
    return tell(Event.of(Kind.PUBLISH, "p").on(99).about(topic, qos).number(number));
  }

  Story acked(String topic, int qos, long number) {
    return tell(Event.of(Kind.ACKED, "p").on(99).about(topic, qos).number(number));
  }

  Story received(String client, String topic, int qos, long number) {
    return tell(Event.of(Kind.RECEIVED, client).about(topic, qos).number(number));
  }

  /** At QoS 2, on this connection. */
  Story receivedOn(String client, long connection, String topic, long number) {
    return tell(Event.of(Kind.RECEIVED, client).on(connection).about(topic, 2).number(number));
  }

  Story again(String client, String topic, int qos, long number) {
    return tell(Event.of(Kind.RECEIVED, client).about(topic, qos).number(number).noting("dup"));
  }

  Story will(String client, long connection) {
    return connect(client, connection, "a")
        .tell(
            Event.of(Kind.WILL, client)
                .on(connection)
                .about("will/" + client, 2)
                .number(connection))
        .accepted(client, connection, false, false);
  }

  Story ping(String client, long connection, long number) {
    return tell(Event.of(Kind.PING, client).on(connection).number(number));
  }

  Story pong(String client, long connection, long number) {
    return tell(Event.of(Kind.PONG, client).on(connection).number(number));
  }

  Story fault(String nodes, long number) {
    return tell(Event.of(Kind.FAULT, nodes).number(number));
  }

  Story healed(long number) {
    return tell(Event.of(Kind.HEALED, "").number(number));
  }

  Story calm() {
    return tell(Event.of(Kind.CALM, ""));
  }

  Story agreed() {
    return tell(Event.of(Kind.AGREED, ""));
  }

  Story stalled(long stallMillis) {
    return tell(Event.of(Kind.STALL, "").number(stallMillis));
  }

  Story exited(String node, int status) {
    return tell(Event.of(Kind.EXITED, node).number(status));
  }

  /** The whole, ended now. */
  List<Event> events() {
    List<Event> ended = new ArrayList<>(events);
    ended.add(Event.of(Kind.END, "").at(millis + TICK_MILLIS));
    return ended;
  }
}
