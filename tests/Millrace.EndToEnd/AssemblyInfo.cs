// Each test class brings up whole stands; two cores carry one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
