package dev.limpet.cluster.directory;

import com.hazelcast.spi.merge.MergingValue;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Released;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client id's claim record under the directory's own steps, without Hazelcast around them: what
 * the simulator of a cluster keeps in its partitions. Immutable; each step returns the next cell.
 */
public record ClaimCell(@Nullable Object record) {

  /** Where there is no record. */
  public static final ClaimCell EMPTY = new ClaimCell(null);

  /** A step's answer, and the cell after it. */
  public record Step<T>(T answer, ClaimCell next) {}

  public Step<Claimed> claim(Claim caller, @Nullable Will will, long nowMillis, long attempt) {
    NodeId self = caller.host();
    ClaimStep.Terms terms = new ClaimStep.Terms(self, will, "simulated", nowMillis);
    Step<ClaimAnswer> taken = take(new ClaimStep(terms, attempt));
    ClaimAnswer answer = taken.answer();
    ClientId id = caller.clientId();
    NodeId holder = answer.holder();
    Claim previous = holder == null ? null : new Claim(id, holder, answer.holderEpoch());
    Claim own = new Claim(id, self, answer.epoch());
    return new Step<>(new Claimed(own, previous, answer.will(), answer.known()), taken.next());
  }

  public Step<Released> release(Claim claim, Release release, long attempt) {
    Step<ClaimAnswer> taken = take(new ReleaseStep(claim.epoch(), release, attempt));
    ClaimAnswer answer = taken.answer();
    return new Step<>(new Released(answer.known(), answer.will()), taken.next());
  }

  public Step<Optional<Will>> takeWill(Claim claim, long attempt) {
    Step<ClaimAnswer> taken = take(new TakeWillStep(claim.epoch(), attempt));
    return new Step<>(Optional.ofNullable(taken.answer().will()), taken.next());
  }

  public ClaimCell forget(Claim claim, long attempt) {
    return take(new ForgetStep(claim.epoch(), attempt)).next();
  }

  public Step<Boolean> restore(Claim claim, long attempt) {
    RestoreStep.Terms terms = new RestoreStep.Terms(claim.host(), claim.epoch(), "simulated");
    Step<ClaimAnswer> taken = take(new RestoreStep(terms, attempt));
    return new Step<>(taken.answer().known(), taken.next());
  }

  /** Releases the claim if its host has departed. */
  public Step<Optional<Orphan>> adopt(
      Claim adopter, Set<NodeId> departed, Set<NodeId> live, long nowMillis, long attempt) {
    AdoptOrphanStep.Terms terms =
        new AdoptOrphanStep.Terms(adopter.host(), departed, live, nowMillis - 60_000, 0, nowMillis);
    return adopted(adopter.clientId(), take(new AdoptOrphanStep(terms, attempt)));
  }

  /** Releases exactly this claim, of which its host knows nothing. */
  public Step<Optional<Orphan>> adoptLeftOver(
      NodeId adopter, Claim claim, long nowMillis, long attempt) {
    AdoptOrphanStep.Terms terms = AdoptOrphanStep.Terms.leftOver(adopter, claim.epoch(), nowMillis);
    return adopted(claim.clientId(), take(new AdoptOrphanStep(terms, attempt)));
  }

  private static Step<Optional<Orphan>> adopted(ClientId id, Step<ClaimAnswer> taken) {
    ClaimAnswer answer = taken.answer();
    NodeId holder = answer.holder();
    return new Step<>(
        holder == null
            ? Optional.empty()
            : Optional.of(new Orphan(new Claim(id, holder, answer.holderEpoch()), answer.will())),
        taken.next());
  }

  private Step<ClaimAnswer> take(DirectoryStep step) {
    var outcome = step.on((ClaimRecord) record);
    return new Step<>(outcome.answer(), outcome.changes() ? new ClaimCell(outcome.next()) : this);
  }

  public @Nullable ClaimView view(ClientId id) {
    ClaimRecord now = (ClaimRecord) record;
    return now == null
        ? null
        : new ClaimView(new Claim(id, now.host(), now.epoch()), now.connected(), now.address());
  }

  /** Whether its host has something to do yet: a will, or the end of the record. */
  public boolean isPending() {
    ClaimRecord now = (ClaimRecord) record;
    return now != null && (now.will() != null || now.ended());
  }

  /** By the real policy; this is the larger side's. */
  public ClaimCell merge(ClaimCell smaller) {
    return smaller.record == null
        ? this
        : new ClaimCell(
            new HighestEpoch()
                .merge(new Value(smaller.record), record == null ? null : new Value(record)));
  }

  private record Value(Object value) implements MergingValue<Object> {
    @Override
    public Object getRawValue() {
      return value;
    }

    @Override
    public Object getDeserializedValue() {
      return value;
    }
  }
}
