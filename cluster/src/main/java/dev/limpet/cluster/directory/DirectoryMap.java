package dev.limpet.cluster.directory;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SerializationConfig;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.cluster.member.RecordSerializer;
import dev.limpet.store.hazelcast.Steps;

/** Configures Hazelcast's map of claims. Stateless. */
public final class DirectoryMap {

  /** Name of the map from the text of a client id to its claim. */
  static final String NAME = "limpet.claims";

  private static final int TYPES = 7100;

  private DirectoryMap() {}

  /** Adds the map and its serializers to the configuration of a member. */
  public static void configure(Config config) {
    config.addMapConfig(
        new MapConfig(NAME)
            .setInMemoryFormat(InMemoryFormat.OBJECT)
            .setBackupCount(1)
            .setStatisticsEnabled(false)
            .setMergePolicyConfig(new MergePolicyConfig().setPolicy(HighestEpoch.class.getName())));
    SerializationConfig types = config.getSerializationConfig();
    Steps.configure(types);
    types.addSerializerConfig(
        RecordSerializer.of(TYPES, ClaimRecord.class, ClaimFormat::write, ClaimFormat::readRecord));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 1, ClaimAnswer.class, ClaimFormat::write, ClaimFormat::readAnswer));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 2, ClaimStep.class, DirectoryMap::write, DirectoryMap::readClaim));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 3, ReleaseStep.class, DirectoryMap::write, DirectoryMap::readRelease));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 4,
            TakeWillStep.class,
            (step, out) -> out.varint(step.epoch).int64(step.attempt),
            in -> new TakeWillStep(in.varint(), in.int64())));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 5,
            ForgetStep.class,
            (step, out) -> out.varint(step.epoch).int64(step.attempt),
            in -> new ForgetStep(in.varint(), in.int64())));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 6,
            CleanStep.class,
            (step, out) -> out.varint(step.epoch).int64(step.attempt),
            in -> new CleanStep(in.varint(), in.int64())));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 7, AdoptOrphanStep.class, DirectoryMap::write, DirectoryMap::readAdopt));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 8,
            OrphanQuestion.class,
            (question, out) -> write(question.terms, out),
            in -> new OrphanQuestion(readTerms(in))));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 9, RestoreStep.class, DirectoryMap::write, DirectoryMap::readRestore));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 10, ClaimQuestion.class, (question, out) -> {}, in -> new ClaimQuestion()));
  }

  private static void write(ClaimStep step, BinaryWriter out) {
    ClaimFormat.write(step.terms.host(), out);
    ClaimFormat.write(step.terms.will(), out);
    out.string(step.terms.address()).varint(step.terms.nowMillis()).int64(step.attempt);
  }

  private static ClaimStep readClaim(BinaryReader in) {
    ClaimStep.Terms terms =
        new ClaimStep.Terms(
            ClaimFormat.readNode(in), ClaimFormat.readWill(in), in.string(), in.varint());
    return new ClaimStep(terms, in.int64());
  }

  private static void write(ReleaseStep step, BinaryWriter out) {
    Release release = step.release;
    out.varint(step.epoch).u8(ReleaseStep.number(release.fate()));
    out.varint(release.willDueAtMillis()).flag(release.sessionEnds()).int64(step.attempt);
  }

  private static ReleaseStep readRelease(BinaryReader in) {
    long epoch = in.varint();
    Release release = new Release(ReleaseStep.fate(in.u8()), in.varint(), in.flag());
    return new ReleaseStep(epoch, release, in.int64());
  }

  private static void write(RestoreStep step, BinaryWriter out) {
    ClaimFormat.write(step.terms.host(), out);
    out.varint(step.terms.epoch()).string(step.terms.address()).int64(step.attempt);
  }

  private static RestoreStep readRestore(BinaryReader in) {
    RestoreStep.Terms terms =
        new RestoreStep.Terms(ClaimFormat.readNode(in), in.varint(), in.string());
    return new RestoreStep(terms, in.int64());
  }

  private static void write(AdoptOrphanStep step, BinaryWriter out) {
    write(step.terms, out);
    out.int64(step.attempt);
  }

  private static AdoptOrphanStep readAdopt(BinaryReader in) {
    return new AdoptOrphanStep(readTerms(in), in.int64());
  }

  private static void write(AdoptOrphanStep.Terms terms, BinaryWriter out) {
    ClaimFormat.write(terms.adopter(), out);
    ClaimFormat.write(terms.departed(), out);
    ClaimFormat.write(terms.live(), out);
    out.varint(terms.settledMillis()).varint(terms.leftOver()).varint(terms.nowMillis());
  }

  private static AdoptOrphanStep.Terms readTerms(BinaryReader in) {
    return new AdoptOrphanStep.Terms(
        ClaimFormat.readNode(in),
        ClaimFormat.readNodes(in),
        ClaimFormat.readNodes(in),
        in.varint(),
        in.varint(),
        in.varint());
  }
}
