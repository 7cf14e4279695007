package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.topic.SharedFilter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Encodes the bodies of the broker's frames. Stateless. */
final class LinkFormat {

  private LinkFormat() {}

  static Buffer groups(Collection<SharedFilter> groups) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.varint(groups.size());
    groups.forEach(group -> out.string(group.toString()));
    return out.buffer();
  }

  static List<SharedFilter> readGroups(BinaryReader in) {
    int count = in.count(1);
    List<SharedFilter> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(SharedFilter.parse(in.string()));
    }
    return groups;
  }

  static void write(Claim claim, BinaryWriter out) {
    out.string(claim.clientId().value());
    out.string(claim.host().name()).int64(claim.host().incarnation()).varint(claim.epoch());
  }

  static Claim readClaim(BinaryReader in) {
    return new Claim(ClientId.of(in.string()), new NodeId(in.string(), in.int64()), in.varint());
  }

  static Buffer claims(List<Claim> claims) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.varint(claims.size());
    claims.forEach(claim -> write(claim, out));
    return out.buffer();
  }

  static List<Claim> readClaims(BinaryReader in) {
    int count = in.count(1);
    List<Claim> claims = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      claims.add(readClaim(in));
    }
    return claims;
  }

  static Buffer holdings(List<Holding> holdings) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.varint(holdings.size());
    holdings.forEach(each -> out.u8(number(each)));
    return out.buffer();
  }

  static List<Holding> readHoldings(BinaryReader in) {
    int count = in.count(1);
    List<Holding> holdings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      holdings.add(holding(in.u8()));
    }
    return holdings;
  }

  private static int number(Holding holding) {
    return switch (holding) {
      case NONE -> 0;
      case CONNECTING -> 1;
      case CONNECTED -> 2;
    };
  }

  private static Holding holding(int number) {
    return switch (number) {
      case 0 -> Holding.NONE;
      case 1 -> Holding.CONNECTING;
      case 2 -> Holding.CONNECTED;
      default -> throw new IllegalArgumentException("unknown holding " + number);
    };
  }

  static Buffer number(long value) {
    return new BinaryWriter(Buffer.buffer()).varint(value).buffer();
  }

  static Buffer ending(Ending ending) {
    return new BinaryWriter(Buffer.buffer())
        .flag(ending.willCancelled())
        .flag(ending.sessionEnded())
        .buffer();
  }

  static Ending readEnding(BinaryReader in) {
    return new Ending(in.flag(), in.flag());
  }

  /** One byte more than nothing: an empty answer has a meaning of its own. */
  static Buffer view(Optional<ClientView> found) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.flag(found.isPresent());
    found.ifPresent(
        view -> {
          write(view.claim(), out);
          out.flag(view.durable()).varint(view.queued()).string(view.address());
          out.varint(view.subscriptions().size());
          view.subscriptions().forEach(each -> PublicationFormat.write(each, out));
        });
    return out.buffer();
  }

  static Optional<ClientView> readView(BinaryReader in) {
    if (!in.flag()) {
      return Optional.empty();
    }
    Claim claim = readClaim(in);
    boolean durable = in.flag();
    int queued = in.varint32();
    String address = in.string();
    int count = in.count(1);
    List<Subscription> subscriptions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      subscriptions.add(PublicationFormat.readSubscription(in));
    }
    return Optional.of(new ClientView(claim, durable, queued, address, subscriptions));
  }
}
