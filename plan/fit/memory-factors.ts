/** The numbers of the memory model that no source states: medians of logged start-ups. */
export interface MemoryFactors {
  /** Peak bytes per logit of the sampler pass. */
  bytesPerLogit: {
    /** PyTorch's sorting sampler: float32 logits, sort, softmax, cumulative sums. */
    native: number;
    /** FlashInfer or Triton sampler. */
    fused: number;
    /** The second model runner, on top of the forward pass. */
    runner2: number;
  };
  /** Peak of the multimodal encoder at its largest inputs, GiB. */
  visionGib: number;
  /** Beside torch: on cards that work alone or over PCIe, and on those whose ranks reduce over NVLink. */
  nonTorchGib: { apart: number; linked: number };
  cudaGraphGib: number;
}

/** Fitted on all rows; `npm run accuracy` refits each without the source that it is judged on. */
export const FITTED_MEMORY: MemoryFactors = {
  bytesPerLogit: { native: 38.6, fused: 5.1, runner2: 40.2 },
  visionGib: 2.17,
  nonTorchGib: { apart: 0.13, linked: 0.55 },
  cudaGraphGib: 0.37,
};
