package dev.limpet.broker.routing.share;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.share.ShareGroup.Member;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tracks whose turn it is in one share group, across its plans, one for each topic. Thread-safe: a
 * turn taken twice at once, or a member both stick to, does no harm.
 */
public final class ShareTurn {
  private final ShareStrategy strategy;
  private final AtomicInteger next = new AtomicInteger();

  /** {@link Member#who} of the one stuck to. */
  private volatile @Nullable Object sticky;

  public ShareTurn(ShareStrategy strategy) {
    this.strategy = strategy;
  }

  ShareStrategy strategy() {
    return strategy;
  }

  /**
   * One of these members.
   *
   * @param members at least one
   */
  Member choose(List<Member> members, Publication publication) {
    return switch (strategy) {
      case ROUND_ROBIN, LOCAL_FIRST ->
          members.get(Math.floorMod(next.getAndIncrement(), members.size()));
      case RANDOM -> any(members);
      case STICKY -> stuckTo(members);
      case CLIENT_HASH -> highest(members, publication.publisher().value());
      case TOPIC_HASH -> highest(members, publication.topic().value());
    };
  }

  private static Member any(List<Member> members) {
    return members.get(ThreadLocalRandom.current().nextInt(members.size()));
  }

  private Member stuckTo(List<Member> members) {
    Object wanted = sticky;
    for (Member member : members) {
      if (member.who().equals(wanted)) {
        return member;
      }
    }
    Member chosen = any(members);
    sticky = chosen.who();
    return chosen;
  }

  /**
   * The highest score wins, first of the nodes and then of the members on the node: so all nodes
   * come to the same member, and only the winner's share moves when it leaves.
   */
  private static Member highest(List<Member> members, String key) {
    Member best = members.get(0);
    for (Member member : members) {
      long difference = score(key, member.place()) - score(key, best.place());
      if (difference == 0) {
        difference = score(key, member.name().hashCode()) - score(key, best.name().hashCode());
      }
      if (difference > 0) {
        best = member;
      }
    }
    return best;
  }

  /** 62 bits that look random, so that differences do not overflow. */
  private static long score(String key, int candidate) {
    long bits = ((long) key.hashCode() << 32) ^ (candidate & 0xFFFF_FFFFL);
    bits = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
    bits = (bits ^ (bits >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return (bits ^ (bits >>> 33)) >>> 2;
  }
}
