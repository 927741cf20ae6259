package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTest {
  private static final String AVX2 = "fpu sse4_2 avx fma avx2";
  private static final String AVX512 = AVX2 + " avx512f avx512dq avx512bw avx512vl amx_tile";

  @TempDir Path folder;

  private static Processor of(String flags) {
    return Processor.parse(
        "processor\t: 0\nmodel name\t: A Chip: 9\nflags\t\t: " + flags + "\n\nprocessor\t: 1\n",
        "amd64",
        "32/1024");
  }

  @Test
  void theClassFollowsFromTheFlags() {
    assertEquals(InstructionSet.AVX512, of(AVX512).best());
    assertEquals(InstructionSet.AVX2, of(AVX2).best());
    assertEquals(InstructionSet.OTHER, of("fpu sse4_2 avx").best());
  }

  @Test
  void aPartOfAClassIsNotTheClass() {
    // Knights Landing has avx512f, and none of what the kernels need beside it.
    assertEquals(InstructionSet.AVX2, of(AVX2 + " avx512f avx512cd avx512er").best());
    assertEquals(InstructionSet.OTHER, of("fpu avx2").best());
  }

  @Test
  void itHasWhatIsNotAboveItsBest() {
    assertTrue(of(AVX512).has(InstructionSet.AVX2));
    assertTrue(of(AVX2).has(InstructionSet.AVX2));
    assertFalse(of(AVX2).has(InstructionSet.AVX512));
    assertFalse(of("sse4_2").has(InstructionSet.AVX2));
  }

  @Test
  void itsNameIsItsOwn() {
    assertEquals("A Chip: 9 (avx2)", of(AVX2).toString());
  }

  @Test
  void withoutFactsTheArchitectureIsItsName() {
    Processor unknown = Processor.parse("", "aarch64", "");
    assertEquals("aarch64 processor", unknown.toString());
    assertEquals(InstructionSet.OTHER, unknown.best());
  }

  @Test
  void cachesAreWhatACoreHasOfEach() throws IOException {
    cache(0, "Data", "32K", "0,4");
    cache(1, "Instruction", "32K", "0,4");
    cache(2, "Unified", "2M", "0");
    cache(3, "Unified", "32768K", "0-3,8-11");
    assertEquals("16/2048/4096", Processor.caches(folder));
  }

  @Test
  void cachesThatAreNotToldAreNotGuessed() throws IOException {
    assertEquals("", Processor.caches(folder));
    cache(0, "Data", "", "0");
    assertEquals("", Processor.caches(folder));
  }

  private void cache(int index, String type, String size, String shared) throws IOException {
    Path cache = Files.createDirectory(folder.resolve("index" + index));
    Files.writeString(cache.resolve("type"), type + "\n");
    Files.writeString(cache.resolve("size"), size + "\n");
    Files.writeString(cache.resolve("shared_cpu_list"), shared + "\n");
  }
}
